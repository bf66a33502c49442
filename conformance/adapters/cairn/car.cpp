#include "adapter.hpp"

#include <cairn/block/verify.hpp>
#include <cairn/car.hpp>

#include <algorithm>

namespace adapter {
namespace {

auto read_all(test_case const& c) -> reply {
  auto const in = octets(c, "bytes");
  auto source = memory_source{in};
  auto reader = car_reader::open(source);
  if (!reader) return refuse(reader.error());
  auto roots = json::array{}, blocks = json::array{};
  for (auto const& id : reader->roots()) roots.push_back(json::string{to_string(id)});
  for (;;) {
    auto const s = reader->next_section();
    if (!s) return refuse(s.error());
    if (!*s) break;
    if (auto const ok = check((*s)->id, (*s)->data); !ok) return refuse(ok.error());
    blocks.push_back({to_string((*s)->id), to_hex((*s)->data)});
  }
  return json::object{{"version", reader->version()}, {"roots", std::move(roots)}, {"blocks", std::move(blocks)}};
}

auto id_of(json::value const& v) -> cid {
  auto const id = parse_cid(conformance::to_text(v));
  if (!id) throw conformance::bad_case{"no CID: " + conformance::to_text(v)};
  return *id;
}

template <class Writer>
auto put_all(test_case const& c, Writer& w) -> io_result<void> {
  for (auto const& pair : c.array("blocks")) {
    auto const data = octets(pair.at(1));
    auto const id = id_of(pair.at(0));
    CAIRN_TRY(auto const b, verify_view(id, data));
    CAIRN_TRY(w.put(b));
  }
  return {};
}

auto roots_of(test_case const& c) -> std::vector<cid> {
  auto out = std::vector<cid>{};
  for (auto const& r : c.array("roots")) out.push_back(id_of(r));
  return out;
}

auto write_v1(test_case const& c) -> reply {
  auto out = memory_sink{};
  auto const roots = roots_of(c);
  auto w = car_writer::open(out, roots);
  if (!w) return refuse(w.error());
  if (auto const done = put_all(c, *w); !done) return refuse(done.error());
  if (auto const done = w->finish(); !done) return refuse(done.error());
  return json::object{{"bytes", to_hex(out.written())}};
}

auto read_index(test_case const& c) -> reply {
  auto const in = octets(c, "bytes");
  auto const index = decode_car_index(in);
  if (!index) return refuse(index.error());
  auto entries = std::vector<std::pair<std::string, std::uint64_t>>{};
  for (auto const& b : index->buckets())
    for (std::size_t i = 0; i < b.size(); ++i) entries.emplace_back(to_hex(b.digest(i)), b.offset(i));
  std::ranges::sort(entries);
  auto list = json::array{};
  for (auto const& [digest, offset] : entries) list.push_back({digest, offset});
  return json::object{{"codec", static_cast<std::uint64_t>(index->format())}, {"entries", std::move(list)}};
}

constexpr operation operations[]{
    {"car.read", read_all},
    {"car.write", write_v1},
    {"car.index_read", read_index},
};

}  // namespace

auto car_operations() -> std::span<operation const> { return operations; }

}  // namespace adapter
