#pragma once

namespace cairn {

class link_sink;

namespace ipld {
class integer;
class map;
class node;
struct entry;
}  // namespace ipld

}  // namespace cairn
