#pragma once

namespace cairn {

class link_sink;
namespace detail {
class document_builder;
}

namespace ipld {
class document;
class integer;
class map;
class node;
class view;
struct entry;
}  // namespace ipld

}  // namespace cairn
