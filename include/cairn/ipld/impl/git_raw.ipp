#pragma once

#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/ipld/codec/git_raw.hpp>

#include <algorithm>

namespace cairn {
namespace detail {

using git_errc = git_raw_errc;

struct git_object {
  std::string_view type;
  bytes_view body;
};

inline auto read_git_object(bytes_view in) -> result<git_object, git_errc> {
  auto const text = as_text(in);
  auto const space = text.find(' ');
  auto const end = text.find('\0');
  if (space == text.npos || end == text.npos || end < space || end > 32) return std::unexpected(git_errc::bad_header);
  auto const type = text.substr(0, space), size = text.substr(space + 1, end - space - 1);
  if (type != "blob" && type != "tree" && type != "commit" && type != "tag") return std::unexpected(git_errc::bad_header);
  auto const n = parse_decimal(size);
  if (!n || std::to_string(*n) != size) return std::unexpected(git_errc::bad_header);
  if (*n != in.size() - end - 1) return std::unexpected(git_errc::bad_size);
  return git_object{type, in.subspan(end + 1)};
}

inline auto git_cid(bytes_view sha1) -> cid { return cid::v1(code::git_raw, *multihash::wrap(code::sha1, sha1)); }

struct git_entry {
  std::string_view mode, name;
  cid id;
};

inline auto read_git_entry(bytes_view& in) -> result<git_entry, git_errc> {
  auto const text = as_text(in);
  auto const end = text.find('\0');
  auto const space = text.substr(0, end).find(' ');
  if (end == text.npos || space == text.npos || space == 0 || space + 1 == end || in.size() - end - 1 < 20) return std::unexpected(git_errc::bad_entry);
  auto e = git_entry{text.substr(0, space), text.substr(space + 1, end - space - 1), git_cid(in.subspan(end + 1, 20))};
  in = in.subspan(end + 21);
  return e;
}

/// How git sorts a tree: by octets, a folder as if its name ended with a slash.
inline auto git_less(std::string_view a, bool a_folder, std::string_view b, bool b_folder) -> bool {
  auto const n = std::min(a.size(), b.size());
  if (auto const c = a.compare(0, n, b, 0, n); c != 0) return c < 0;
  auto const next = [n](std::string_view s, bool folder) { return s.size() > n ? static_cast<byte>(s[n]) : folder ? byte{'/'} : byte{0}; };
  return next(a, a_folder) < next(b, b_folder);
}

inline auto git_is_folder(std::string_view mode) -> bool { return mode == "40000"; }

inline auto decode_git_tree(bytes_view in) -> result<ipld::node, git_errc> {
  auto out = ipld::map{};
  auto names = std::vector<std::string>{};
  auto last = std::optional<git_entry>{};
  while (!in.empty()) {
    CAIRN_TRY(auto e, read_git_entry(in));
    if (last && !git_less(last->name, git_is_folder(last->mode), e.name, git_is_folder(e.mode)))
      return std::unexpected(last->name == e.name ? git_errc::duplicate_entry : git_errc::not_canonical);
    out.append(std::string{e.name}, ipld::map{{"mode", e.mode}, {"hash", e.id}});
    names.emplace_back(e.name);
    last = e;
  }
  // a file and a folder of one name do not stand beside each other
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end()) return std::unexpected(git_errc::duplicate_entry);
  return ipld::node{std::move(out)};
}

/// "name <email> seconds zone"; seconds and zone may be missing.
inline auto read_git_person(std::string_view in) -> result<ipld::node, git_errc> {
  auto const open = in.find('<'), close = in.find('>', open == in.npos ? 0 : open);
  if (open == in.npos || close == in.npos || open == 0 || in[open - 1] != ' ') return std::unexpected(git_errc::bad_person);
  auto const name = in.substr(0, open - 1), email = in.substr(open + 1, close - open - 1);
  auto rest = in.substr(close + 1);
  auto parts = std::array<std::string_view, 2>{};
  for (auto& part : parts) {
    if (rest.empty()) break;
    if (rest.front() != ' ') return std::unexpected(git_errc::bad_person);
    rest.remove_prefix(1);
    part = rest.substr(0, rest.find(' '));
    if (part.empty()) return std::unexpected(git_errc::bad_person);
    rest.remove_prefix(part.size());
  }
  if (!rest.empty()) return std::unexpected(git_errc::bad_person);
  return ipld::node{ipld::map{{"date", parts[0]}, {"timezone", parts[1]}, {"email", email}, {"name", name}}};
}

/// Lines of headers, one after the other.
struct git_lines {
  std::string_view rest;
  auto starts(std::string_view with) const -> bool { return rest.starts_with(with); }
  auto take() -> std::string_view {
    auto const line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    return line;
  }
  /// What follows a header's name and a space; nothing where another one follows, or where the line has no end.
  auto take(std::string_view name) -> std::optional<std::string_view> {
    if (!starts(name) || rest.size() <= name.size() || rest[name.size()] != ' ' || rest.find('\n') == rest.npos) return std::nullopt;
    return take().substr(name.size() + 1);
  }
  auto take_link(std::string_view name) -> std::optional<ipld::node> {
    auto const before = rest;
    auto const text = take(name);
    auto const sha1 = text && text->size() == 40 ? from_hex(*text) : std::nullopt;
    if (!sha1 || to_hex(*sha1) != *text) {
      rest = before;
      return std::nullopt;
    }
    return ipld::node{git_cid(*sha1)};
  }
};

constexpr std::string_view git_sig_begin = "-----BEGIN PGP SIGNATURE-----", git_sig_end = " -----END PGP SIGNATURE-----";

/// The text between the lines that begin and end a signature; nothing where there is none of this form, which are lines like others.
inline auto read_git_signature(git_lines& in) -> std::optional<std::string_view> {
  auto at = in;
  if (at.take("gpgsig") != git_sig_begin) return std::nullopt;
  auto const begin = at.rest;
  while (at.starts(" ")) {
    auto const size = begin.size() - at.rest.size();
    if (at.take() == git_sig_end) {
      in = at;
      return begin.substr(0, size);
    }
  }
  return std::nullopt;
}

/// A tag that was merged, as lines that begin with a space; its text is kept with them.
inline auto read_git_mergetag(git_lines& in) -> std::optional<ipld::node> {
  auto at = in;
  auto const object = at.take_link("mergetag object");
  auto const type = at.take(" type"), tag = at.take(" tag"), tagger = at.take(" tagger");
  if (!object || !type || !tag || !tagger || at.take() != " ") return std::nullopt;
  auto person = read_git_person(*tagger);
  if (!person) return std::nullopt;
  auto const begin = at.rest;
  while (at.starts(" ")) at.take();
  in = at;
  return ipld::node{ipld::map{{"object", *object}, {"type", *type}, {"tag", *tag}, {"tagger", *std::move(person)},
                              {"message", begin.substr(0, begin.size() - at.rest.size())}}};
}

inline auto decode_git_commit(bytes_view body) -> result<ipld::node, git_errc> {
  auto const bad = std::unexpected(git_errc::bad_commit);
  auto in = git_lines{as_text(body)};
  auto tree = in.take_link("tree");
  if (!tree) return bad;
  auto parents = ipld::list{}, mergetags = ipld::list{}, other = ipld::list{};
  while (auto parent = in.take_link("parent")) parents.push_back(*std::move(parent));
  auto const author_line = in.take("author"), committer_line = in.take("committer");
  if (!author_line || !committer_line) return bad;
  CAIRN_TRY(auto author, read_git_person(*author_line));
  CAIRN_TRY(auto committer, read_git_person(*committer_line));
  auto encoding = ipld::node{}, signature = ipld::node{};
  if (auto const text = in.take("encoding")) encoding = *text;
  while (auto mergetag = read_git_mergetag(in)) mergetags.push_back(*std::move(mergetag));
  if (auto const text = read_git_signature(in)) signature = *text;
  while (!in.starts("\n")) {
    if (in.rest.find('\n') == in.rest.npos) return bad;
    other.emplace_back(in.take());
  }
  in.take();
  return ipld::node{ipld::map{{"tree", *std::move(tree)}, {"parents", std::move(parents)}, {"message", in.rest}, {"author", std::move(author)},
                              {"committer", std::move(committer)}, {"encoding", std::move(encoding)}, {"signature", std::move(signature)},
                              {"mergetag", std::move(mergetags)}, {"other", std::move(other)}}};
}

inline auto git_nobody() -> ipld::node { return ipld::map{{"date", ""}, {"timezone", ""}, {"email", ""}, {"name", ""}}; }

inline auto decode_git_tag(bytes_view body) -> result<ipld::node, git_errc> {
  auto const bad = std::unexpected(git_errc::bad_tag);
  auto in = git_lines{as_text(body)};
  auto object = in.take_link("object");
  auto const type = in.take("type"), tag = in.take("tag"), tagger = in.take("tagger");
  if (!object || !type || !tag) return bad;
  auto person = git_nobody();
  if (tagger) {
    CAIRN_TRY(person, read_git_person(*tagger));
  }
  if (!in.rest.empty() && (!in.starts("\n") || in.rest.size() == 1)) return bad;
  in.take();
  return ipld::node{ipld::map{{"object", *std::move(object)}, {"type", *type}, {"tag", *tag}, {"tagger", std::move(person)}, {"message", in.rest}}};
}

inline auto decode_git_body(git_object const& o, bytes_view whole) -> result<ipld::node, git_errc> {
  if (o.type == "blob") return ipld::node{bytes(whole.begin(), whole.end())};
  return o.type == "tree" ? decode_git_tree(o.body) : o.type == "commit" ? decode_git_commit(o.body) : decode_git_tag(o.body);
}

/// Writes objects; what a field must not hold is found when the result is read again.
class git_writer {
public:
  auto write(ipld::node const& n, bytes& out) -> result<void, git_errc> {
    if (auto const* const blob = n.as_bytes()) {
      append(out, *blob);
      return {};
    }
    if (!n.as_map()) return std::unexpected(git_errc::bad_node);
    auto const* type = "tree";
    // a tree's entries are maps, so an entry named "tree" is none of a commit
    if (n.find("tree") && n.find("tree")->as_link()) {
      type = "commit";
      CAIRN_TRY(commit(n));
    } else if (n.find("object") && n.find("object")->as_link()) {
      type = "tag";
      CAIRN_TRY(tag(n, "", true));
    } else {
      CAIRN_TRY(tree(*n.as_map()));
    }
    append(out, as_bytes(type + (" " + std::to_string(body_.size()))));
    out.push_back(0);
    append(out, as_bytes(body_));
    return {};
  }

private:
  static auto sha1(ipld::node const* n) -> result<bytes_view, git_errc> {
    auto const* const id = n ? n->as_link() : nullptr;
    if (!id || id->codec() != code::git_raw || id->hash().code() != code::sha1 || id->hash().digest().size() != 20) return std::unexpected(git_errc::bad_link);
    return id->hash().digest();
  }
  static auto text(ipld::node const& n, std::string_view field) -> result<std::string_view, git_errc> {
    auto const* const t = n.find(field);
    if (!t || !t->as_string()) return std::unexpected(git_errc::bad_node);
    return *t->as_string();
  }
  /// A list that may be missing.
  static auto items(ipld::node const& n, std::string_view field) -> result<ipld::list const*, git_errc> {
    static auto const none = ipld::list{};
    auto const* const l = n.find(field);
    if (l && !l->is_null() && !l->as_list()) return std::unexpected(git_errc::bad_node);
    return l && l->as_list() ? l->as_list() : &none;
  }

  auto link(std::string_view name, ipld::node const* n) -> result<void, git_errc> {
    CAIRN_TRY(auto const hash, sha1(n));
    ((body_ += name) += ' ') += to_hex(hash) + '\n';
    return {};
  }

  auto person(std::string_view name, ipld::node const* n) -> result<void, git_errc> {
    if (!n) return std::unexpected(git_errc::bad_person);
    CAIRN_TRY(auto const who, text(*n, "name"));
    CAIRN_TRY(auto const email, text(*n, "email"));
    CAIRN_TRY(auto const date, text(*n, "date"));
    CAIRN_TRY(auto const zone, text(*n, "timezone"));
    (((((body_ += name) += ' ') += who) += " <") += email) += '>';
    if (!date.empty()) (body_ += ' ') += date;
    if (!zone.empty()) (body_ += ' ') += zone;
    body_ += '\n';
    return {};
  }

  auto tag(ipld::node const& n, std::string_view before, bool alone) -> result<void, git_errc> {
    auto const in = std::string{before.empty() ? "" : " "};
    CAIRN_TRY(link(std::string{before} + "object", n.find("object")));
    CAIRN_TRY(auto const type, text(n, "type"));
    CAIRN_TRY(auto const name, text(n, "tag"));
    CAIRN_TRY(auto const message, text(n, "message"));
    (((((body_ += in) += "type ") += type) += '\n') += in) += "tag ";
    (body_ += name) += '\n';
    auto const* const tagger = n.find("tagger");
    if (!alone || (tagger && !(*tagger == git_nobody()))) CAIRN_TRY(person(in + "tagger", tagger));
    if (!alone) (body_ += " \n") += message;
    else if (!message.empty()) (body_ += '\n') += message;
    return {};
  }

  auto commit(ipld::node const& n) -> result<void, git_errc> {
    CAIRN_TRY(link("tree", n.find("tree")));
    CAIRN_TRY(auto const* const parents, items(n, "parents"));
    for (auto const& p : *parents) CAIRN_TRY(link("parent", &p));
    CAIRN_TRY(person("author", n.find("author")));
    CAIRN_TRY(person("committer", n.find("committer")));
    if (auto const* const e = n.find("encoding"); e && !e->is_null()) {
      CAIRN_TRY(auto const encoding, text(n, "encoding"));
      ((body_ += "encoding ") += encoding) += '\n';
    }
    CAIRN_TRY(auto const* const mergetags, items(n, "mergetag"));
    for (auto const& t : *mergetags) CAIRN_TRY(tag(t, "mergetag ", false));
    if (auto const* const s = n.find("signature"); s && !s->is_null()) {
      CAIRN_TRY(auto const signature, text(n, "signature"));
      ((((body_ += "gpgsig ") += git_sig_begin) += '\n') += signature) += git_sig_end;
      body_ += '\n';
    }
    CAIRN_TRY(auto const* const other, items(n, "other"));
    for (auto const& line : *other) {
      if (!line.as_string()) return std::unexpected(git_errc::bad_node);
      (body_ += *line.as_string()) += '\n';
    }
    CAIRN_TRY(auto const message, text(n, "message"));
    (body_ += '\n') += message;
    return {};
  }

  auto tree(ipld::map const& entries) -> result<void, git_errc> {
    struct line {
      std::string_view mode, name;
      bytes_view hash;
    };
    auto lines = std::vector<line>{};
    for (auto const& e : entries) {
      CAIRN_TRY(auto const mode, text(e.value, "mode"));
      CAIRN_TRY(auto const hash, sha1(e.value.find("hash")));
      lines.push_back({mode, e.key, hash});
    }
    std::sort(lines.begin(), lines.end(), [](line const& a, line const& b) { return git_less(a.name, git_is_folder(a.mode), b.name, git_is_folder(b.mode)); });
    for (auto const& l : lines) {
      (((body_ += l.mode) += ' ') += l.name) += '\0';
      body_ += as_text(l.hash);
    }
    return {};
  }

  std::string body_;
};

/// The node with the fields that may be left out, as it is read again.
inline auto git_filled(ipld::node const& n) -> ipld::node {
  auto out = n;
  auto* const m = out.as_map();
  auto const fill = [&](std::string_view field, ipld::node value) {
    if (auto const* const v = m->find(field); !v || v->is_null()) m->set(field, std::move(value));
  };
  if (m && m->find("tree") && m->find("tree")->as_link()) {
    for (auto const* list : {"parents", "mergetag", "other"}) fill(list, ipld::list{});
    for (auto const* text : {"encoding", "signature"}) fill(text, nullptr);
  } else if (m && m->find("object") && m->find("object")->as_link()) {
    fill("tagger", git_nobody());
  }
  return out;
}

}  // namespace detail

CAIRN_DECL auto git_raw::decode(bytes_view in) -> result<ipld::node, errc> {
  CAIRN_TRY(auto const object, detail::read_git_object(in));
  CAIRN_TRY(auto n, detail::decode_git_body(object, in));
  if (object.type == "blob") return n;
  auto again = bytes{};
  if (!detail::git_writer{}.write(n, again) || !equal(again, in)) return std::unexpected(errc::not_canonical);
  return n;
}

CAIRN_DECL auto git_raw::encode(ipld::node const& n, bytes& out) -> result<void, errc> {
  auto own = bytes{};
  CAIRN_TRY(detail::git_writer{}.write(n, own));
  CAIRN_TRY(auto const object, detail::read_git_object(own));
  CAIRN_TRY(auto const again, detail::decode_git_body(object, own));
  if (n.as_bytes() ? object.type != "blob" : !(again == detail::git_filled(n))) return std::unexpected(errc::bad_node);
  append(out, own);
  return {};
}

CAIRN_DECL auto git_raw::links(bytes_view in, link_sink sink) -> result<void, errc> {
  CAIRN_TRY(auto object, detail::read_git_object(in));
  if (object.type == "tree") {
    while (!object.body.empty()) {
      CAIRN_TRY(auto const e, detail::read_git_entry(object.body));
      if (!sink(e.id)) return {};
    }
    return {};
  }
  if (object.type == "blob") return {};
  CAIRN_TRY(auto const n, detail::decode_git_body(object, in));
  for (auto const* field : {"tree", "object"})
    if (auto const* const to = n.find(field); to && to->as_link() && !sink(*to->as_link())) return {};
  for (auto const* field : {"parents", "mergetag"}) {
    auto const* const l = n.find(field);
    for (std::size_t i = 0; l && i < l->as_list()->size(); ++i) {
      auto const& item = (*l->as_list())[i];
      if (!sink(item.as_link() ? *item.as_link() : *item.find("object")->as_link())) return {};
    }
  }
  return {};
}

}  // namespace cairn
