#pragma once

#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/dag_pb.hpp>

namespace cairn {
namespace detail {

inline auto pb_link_node(pb_link_view const& link, pb_absent absent = pb_absent::omitted) -> ipld::node {
  auto m = ipld::map{};
  auto const null = absent == pb_absent::null;
  m.append("Hash", link.id);
  if (link.has_name || null) m.append("Name", link.has_name ? ipld::node{link.name} : ipld::node{});
  if (link.has_tsize || null) m.append("Tsize", link.has_tsize ? ipld::node{link.tsize} : ipld::node{});
  return m;
}

inline auto pb_link_of(ipld::node const& n) -> std::optional<pb_link> {
  auto const* const m = n.as_map();
  auto const* const hash = n.find("Hash");
  if (!hash || !hash->as_link()) return std::nullopt;
  auto link = pb_link{*hash->as_link(), {}, 0, false, false};
  for (auto const& e : *m) {
    if (e.key == "Name" && !link.has_name && e.value.as_string()) {
      link.name = *e.value.as_string();
      link.has_name = true;
    } else if (e.key == "Tsize" && !link.has_tsize && e.value.as_integer() && !e.value.as_integer()->is_negative()) {
      link.tsize = e.value.as_integer()->rank();
      link.has_tsize = true;
    } else if (&e.value != hash) {
      return std::nullopt;
    }
  }
  return link;
}

}  // namespace detail

CAIRN_DECL auto to_node(pb_node const& pb, pb_absent absent) -> ipld::node {
  auto links = ipld::list{};
  links.reserve(pb.links.size());
  for (auto const& l : pb.links) links.push_back(detail::pb_link_node(l, absent));
  auto m = ipld::map{};
  if (pb.data || absent == pb_absent::null) m.append("Data", pb.data ? ipld::node{*pb.data} : ipld::node{});
  m.append("Links", std::move(links));
  return m;
}

CAIRN_DECL auto to_pb_node(ipld::node const& n) -> result<pb_node, dag_pb_errc> {
  auto const* const m = n.as_map();
  auto const* const links = n.find("Links");
  if (!links || !links->as_list()) return std::unexpected(dag_pb_errc::bad_form);
  auto pb = pb_node{};
  for (auto const& e : *m) {
    if (e.key == "Data" && !pb.data && e.value.as_bytes())
      pb.data = *e.value.as_bytes();
    else if (&e.value != links)
      return std::unexpected(dag_pb_errc::bad_form);
  }
  pb.links.reserve(links->as_list()->size());
  for (auto const& l : *links->as_list()) {
    auto link = detail::pb_link_of(l);
    if (!link) return std::unexpected(dag_pb_errc::bad_form);
    pb.links.push_back(*std::move(link));
  }
  return pb;
}

CAIRN_DECL auto dag_pb::decode(bytes_view in) -> result<ipld::node, errc> {
  CAIRN_TRY(auto const view, read_dag_pb(in));
  auto links = ipld::list{};
  links.reserve(view.link_count());
  for (auto const& l : view.links()) links.push_back(detail::pb_link_node(l));
  auto m = ipld::map{};
  if (view.data()) m.append("Data", bytes(view.data()->begin(), view.data()->end()));
  m.append("Links", std::move(links));
  return ipld::node{std::move(m)};
}

CAIRN_DECL auto dag_pb::encode(ipld::node const& n, bytes& out) -> result<void, errc> {
  CAIRN_TRY(auto pb, to_pb_node(n));
  sort_links(pb.links);
  append_dag_pb(out, pb.links, pb.data ? std::optional<bytes_view>{*pb.data} : std::nullopt);
  return {};
}

CAIRN_DECL auto dag_pb::links(bytes_view in, link_sink sink) -> result<void, errc> {
  CAIRN_TRY(auto const view, read_dag_pb(in));
  for (auto const& l : view.links())
    if (!sink(l.id)) break;
  return {};
}

}  // namespace cairn
