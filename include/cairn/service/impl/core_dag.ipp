#pragma once
// The core API on data: nodes, walks, statistics.

#include <cairn/car/export.hpp>
#include <cairn/car/import.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/cid_set.hpp>
#include <cairn/ipld/codec/dag_cbor.hpp>
#include <cairn/ipld/codec/dag_json.hpp>
#include <cairn/ipld/codec/dag_pb.hpp>
#include <cairn/ipld/codec/raw.hpp>
#include <cairn/ipld/codec_set.hpp>
#include <cairn/ipld/dag_pb_wire.hpp>
#include <cairn/ipld/links.hpp>
#include <cairn/ipld/traversal.hpp>
#include <cairn/multiformats/multicodec.hpp>
#include <cairn/service/core_api.hpp>
#include <cairn/service/impl/core_state.hpp>
#include <cairn/service/request.hpp>

#include <algorithm>

#include <unordered_map>
#include <vector>

namespace cairn::service {
namespace detail {

inline auto no_codec(std::string_view what, std::uint64_t codec) {
  char code[32];
  std::snprintf(code, sizeof code, "0x%llx", static_cast<unsigned long long>(codec));
  return std::unexpected(error::message("codec", "no " + std::string{what} + " registered for multicodec code " + std::to_string(codec) + " (" + code + ")"));
}

// Read forgivingly where Kubo does: what was stored once must stay readable.
inline auto decode_lax(std::uint64_t codec, bytes_view in) -> io_result<ipld::node> {
  auto const as_io = [](auto r) -> io_result<ipld::node> {
    if (!r) return std::unexpected(error{r.error()});
    return *std::move(r);
  };
  if (codec == code::dag_json) return as_io(dag_json::decode(in, codec_mode::lax));
  if (codec == code::dag_cbor) return as_io(dag_cbor::decode(in, codec_mode::lax));
  if (!default_codecs::contains(codec)) return no_codec("decoder", codec);
  return default_codecs::decode(codec, in);
}

// What reading a block of a codec that is not known here ends with; other errors stay.
inline auto decoder_error(std::uint64_t codec, error e) -> error {
  if (!(e == codec_set_errc::unknown_codec) && !(e == links_errc::unknown_codec) && e.module() != "codec") return e;
  return error::message("codec", "could not choose a decoder: " + to_string(no_codec("decoder", codec).error()));
}

// The links of a block with their names, where the codec names them.
template <class F>
auto each_named_link(block const& b, F&& f) -> io_result<void> {
  if (b.id().codec() == code::dag_pb) {
    auto const view = read_dag_pb(b.data());
    if (!view) return std::unexpected(error{view.error()}.about(to_string(b.id())));
    for (auto const& link : view->links()) CAIRN_TRY(f(link.id, link.name));
    return {};
  }
  auto links = links_of(b.id().codec(), b.data());
  if (!links) return std::unexpected(decoder_error(b.id().codec(), std::move(links).error()));
  for (auto const& id : *links) CAIRN_TRY(f(id, std::string_view{}));
  return {};
}

// Edges in the order of a depth-first walk, as Kubo prints them; iterative, so depth is bounded by memory only.
class ordered_edges final : public edge_walk {
public:
  ordered_edges(core_state const& state, refs_options options) : state_{state}, options_{options} {}

  auto from(cid const& root, edge_sink const& sink) -> io_result<void> override {
    auto stack = std::vector<frame>{};
    CAIRN_TRY(open(root, stack));
    while (!stack.empty()) {
      auto& top = stack.back();
      if (top.next == top.links.size()) {
        stack.pop_back();
        continue;
      }
      auto const& link = top.links[top.next++];
      auto const depth = static_cast<int>(stack.size());
      auto const [deeper, shown] = visit(link.id, depth);
      if (!deeper && !shown) continue;
      CAIRN_TRY(state_.check_cancelled());
      // what is shown is here: it is read, or at least known to be in the store
      if (!deeper) {
        CAIRN_TRY(auto here, state_.reading().has(link.id));
        if (!here && link.id.hash().code() != code::identity) return std::unexpected(offline_error(link.id, block_errc::not_found));
      } else {
        auto const id = link.id;
        auto const name = link.name;
        auto below = std::vector<frame>{};
        CAIRN_TRY(open(id, below));
        if (shown) CAIRN_TRY(sink(stack.back().id, id, name));
        stack.push_back(std::move(below.back()));
        continue;
      }
      if (shown) CAIRN_TRY(sink(top.id, link.id, link.name));
    }
    return {};
  }

private:
  struct edge {
    cid id;
    std::string name;
  };
  struct frame {
    cid id;
    std::vector<edge> links;
    std::size_t next = 0;
  };

  auto open(cid const& id, std::vector<frame>& stack) -> io_result<void> {
    auto f = frame{id, {}};
    if (id.codec() != code::raw) {
      CAIRN_TRY(auto b, load(state_, id));
      CAIRN_TRY(each_named_link(b, [&](cid const& to, std::string_view name) -> io_result<void> {
        f.links.push_back({to, std::string{name}});
        return {};
      }));
    } else {
      CAIRN_TRY(auto here, state_.reading().has(id));
      if (!here && id.hash().code() != code::identity) return std::unexpected(offline_error(id, block_errc::not_found));
    }
    stack.push_back(std::move(f));
    return {};
  }

  // Whether to go on below, and whether to show it.
  auto visit(cid const& id, int depth) -> std::pair<bool, bool> {
    auto const limited = options_.max_depth >= 0;
    if (limited && depth > options_.max_depth) return {false, false};
    auto const last = limited && depth == options_.max_depth;
    if (!options_.unique) return {!last, true};
    if (!limited) {
      auto const fresh = seen_.insert(id);
      return {fresh, fresh};
    }
    auto const [at, fresh] = depths_.try_emplace(id, depth);
    if (!fresh) {
      if (at->second <= depth) return {false, false};
      at->second = depth;
    }
    return {!last, fresh};
  }

  core_state const& state_;
  refs_options options_;
  cid_set seen_;
  std::unordered_map<cid, int> depths_;
};

}  // namespace detail

CAIRN_DECL auto core_api::dag_get(path_like const& path, std::uint64_t codec) -> io_result<bytes> {
  CAIRN_TRY(auto at, resolve(path));
  auto const reader = detail::content_reader_of{state_.get()};
  auto node = get_node(reader, resolved{at.id, at.remainder});
  if (!node) return std::unexpected(detail::decoder_error(at.id.codec(), std::move(node).error()));
  auto out = bytes{};
  if (codec == code::dag_json) {
    if (auto done = dag_json::encode(*node, out, codec_mode::lax, {.replace_utf8 = true}); !done) return std::unexpected(error{done.error()});
    return out;
  }
  if (!default_codecs::contains(codec)) {
    auto const name = multicodec_name(codec);
    auto why = detail::no_codec("encoder", codec);
    return std::unexpected(error::message("codec", "invalid encoding: " + std::string{name} + " - " + to_string(why.error())));
  }
  CAIRN_TRY(default_codecs::encode(codec, *node, out));
  return out;
}

CAIRN_DECL auto core_api::dag_put(bytes_view data, dag_put_request const& request) -> io_result<cid> {
  if (!default_codecs::contains(request.prefix.codec)) return detail::no_codec("encoder", request.prefix.codec);
  CAIRN_TRY(auto node, detail::decode_lax(request.input_codec, data));
  auto out = bytes{};
  CAIRN_TRY(default_codecs::encode(request.prefix.codec, node, out));
  if (out.size() > limits::block && !request.allow_big)
    return std::unexpected(error::message("block", "produced block is over 2MiB: big blocks can't be exchanged with other peers. consider using UnixFS for "
                                                   "automatic chunking of bigger files, or pass --allow-big-block to override"));
  CAIRN_TRY(auto b, hash_block(request.prefix, buffer{out}));
  if (!request.is_stored) return b.id();
  auto work = detail::core_work{*state_};
  CAIRN_TRY(work.blocks().put(b));
  if (request.pin) {
    CAIRN_TRY(sync());
    CAIRN_TRY(pin_add(b.id(), true, ""));
  }
  return b.id();
}

CAIRN_DECL auto core_api::stat_dags(std::span<path_like const> paths, std::function<void(std::uint64_t, std::uint64_t)> const& progress) -> io_result<dag_sum> {
  auto sum = dag_sum{};
  auto all = std::uint64_t{0}, blocks = std::uint64_t{0};
  auto global = cid_set{};
  auto const reader = detail::content_reader_of{state_.get()};
  for (auto const& path : paths) {
    CAIRN_TRY(auto at, resolve(path));
    if (!at.remainder.empty()) return std::unexpected(error::message("dag", "cannot return size for anything other than a DAG with a root CID"));
    auto& facts = sum.roots.emplace_back(dag_facts{at.id});
    // a leaf is not read: the store knows its size
    auto walk = dag_walk{reader, at.id, {.read_leaves = false}};
    for (;;) {
      auto item = walk.next();
      if (!item) {
        if (facts.blocks == 0) return std::unexpected(std::move(item).error());
        return std::unexpected(error::message("dag", "error traversing DAG: " + to_string(item.error())));
      }
      if (!*item) break;
      auto size = std::uint64_t{0};
      if ((*item)->data) {
        size = (*item)->data->data().size();
      } else {
        CAIRN_TRY(auto known, state_->reading().get_size((*item)->id));
        if (known) {
          size = *known;
        } else {
          CAIRN_TRY(auto b, detail::load(*state_, (*item)->id));
          size = b.data().size();
        }
      }
      ++facts.blocks;
      facts.size += size;
      all += size;
      if (paths.size() == 1 || global.insert((*item)->id)) {
        sum.total_size += size;
        ++sum.unique_blocks;
      }
      if ((++blocks & 0xff) == 0) {
        progress(blocks, all);
        CAIRN_TRY(state_->check_cancelled());
      }
    }
  }
  sum.shared_size = all - sum.total_size;
  sum.ratio = sum.total_size == 0 ? 0 : static_cast<float>(all) / static_cast<float>(sum.total_size);
  return sum;
}

CAIRN_DECL auto core_api::dag_export(path_like const& root, bool local_only, byte_sink const& sink) -> io_result<void> {
  CAIRN_TRY(auto at, resolve(root));
  auto const from = local_only ? state_->blocks() : state_->reading();
  CAIRN_TRY(auto here, from.has(at.id));
  if (!here) return std::unexpected(error::message("core", to_string(detail::offline_error(at.id, block_errc::not_found))));
  struct writer {
    byte_sink const& sink;
    detail::core_state const& state;
    auto write(bytes_view in) -> io_result<void> {
      CAIRN_TRY(state.check_cancelled());
      return sink(in);
    }
  } out{sink, *state_};
  CAIRN_TRY(auto rules, state_->node->denylists.current(state_->opened().folder()));
  auto screened = detail::screened_blocks{from, rules};
  auto const share = state_->node->ahead.take();
  auto done = export_car(rules->empty() ? from : blockstore_ref{screened}, at.id, out, {.on_missing = local_only ? car_missing::is_skipped : car_missing::is_error, .ahead = share.ahead});
  if (!done) return std::unexpected(detail::offline_error_of(std::move(done).error()));
  return {};
}

CAIRN_DECL auto core_api::dag_import(input_source& car, bool allow_big, car_import_facts& sum) -> io_result<void> {
  struct reader {
    input_source& from;
    detail::core_state const& state;
    std::uint64_t octets = 0;
    auto read(bytes_span out) -> io_result<std::size_t> {
      CAIRN_TRY(state.check_cancelled());
      CAIRN_TRY(auto n, from.read(out));
      octets += n;
      return n;
    }
  } in{car, *state_};
  auto work = detail::core_work{*state_};
  auto done = import_car(work.blocks(), in, {.max_block = allow_big ? limits::stored_block : limits::block, .follow_links = true});
  if (!done) {
    auto& e = done.error();
    if (e.clause() == "canceled") return std::unexpected(std::move(e));
    auto const at = parse_cid(e.subject()) ? "import failed at block \"" + e.subject() + "\": " : std::string{"import failed: "};
    if (e == car_errc::block_too_long)
      return std::unexpected(error::message("car", at + "produced block is over 2MiB: big blocks can't be exchanged with other peers. consider using UnixFS "
                                                        "for automatic chunking of bigger files, or pass --allow-big-block to override"));
    // the reading ended behind the header or a block, or in the header
    auto const why = e == car_errc::truncated ? std::string{"unexpected EOF"} : std::string{e.clause()};
    if (auto const subject = std::string_view{e.subject()}; subject.starts_with("after "))
      return std::unexpected(error::message("car", "import failed" + (subject == "after the header" ? "" : " after block " + go_quoted(subject.substr(6))) + ": " + why));
    if (e == car_errc::truncated) return std::unexpected(error::message("car", in.octets < 2 ? "EOF" : why));
    return std::unexpected(error::message("car", at + (parse_cid(e.subject()) ? std::string{e.clause()} : to_string(e))));
  }
  for (auto const& root : done->roots)
    if (std::find(sum.roots.begin(), sum.roots.end(), root) == sum.roots.end()) sum.roots.push_back(root);
  sum.whole = sum.whole && done->whole;
  sum.blocks += done->blocks;
  sum.bytes += done->bytes;
  return {};
}

CAIRN_DECL auto core_api::refs_walk(refs_options const& options) -> std::unique_ptr<edge_walk> {
  return std::make_unique<detail::ordered_edges>(*state_, options);
}

}  // namespace cairn::service
