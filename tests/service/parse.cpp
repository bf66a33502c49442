#include <cairn/service/cli/help.hpp>
#include <cairn/service/cli/parse.hpp>
#include <cairn/service/cli/completion.hpp>
#include <cairn/service/root_command.hpp>

#include <support/property.hpp>

#include <set>

using namespace cairn;
using namespace cairn::service;

namespace {

auto nothing(request&, output&) -> io_result<void> { return {}; }

constexpr argument some_files[]{{"path", argument_type::text, true, true, "", true}};
constexpr argument first_optional[]{{"maybe", argument_type::text, false}, {"must", argument_type::text, true}};
constexpr option options[]{
    {"recursive r", option_type::boolean, ""}, {"long l", option_type::boolean, ""}, {"pin", option_type::boolean, "", "true"},
    {"number n", option_type::int32, "", "7"}, {"name", option_type::text, ""},      {"ignore", option_type::texts, ""},
    {"size", option_type::uint64, ""},         {"ratio", option_type::real, ""},
};
constexpr command children[]{
    {.name = "go", .summary = "", .arguments = some_files, .options = options, .run = nothing},
    {.name = "two", .summary = "", .arguments = first_optional, .run = nothing},
    {.name = "none", .summary = "", .run = nothing},
};
constexpr option globals[]{{"debug D", option_type::boolean, ""}};
constexpr command root{.name = "t", .summary = "", .options = globals, .children = children};

struct line final : request {
  auto open_file(file_argument const&) -> io_result<std::unique_ptr<input_source>> override { return std::unexpected(error::message("t", "none")); }
  auto api() -> io_result<core_api*> override { return nullptr; }
  auto repo_path() -> io_result<std::string> override { return std::string{}; }
  io_result<void> outcome;
};

auto read(std::vector<char const*> words) -> line {
  auto in = line{};
  in.outcome = cli::parse(words, root, in);
  if (in.outcome) in.outcome = cli::bind_arguments(in);
  return in;
}
auto why(std::vector<char const*> words) -> std::string {
  auto in = read(std::move(words));
  return in.outcome ? "" : to_string(in.outcome.error());
}

}  // namespace

TEST_CASE("options are read as Kubo reads them") {
  auto in = read({"go", "-rl", "a", "--number=0x10", "--name", "x", "b"});
  REQUIRE(in.outcome);
  CHECK(in.flag("recursive"));
  CHECK(in.flag("long"));
  CHECK(in.number("number") == 16);
  CHECK(in.text("name") == "x");
  CHECK(in.arguments == std::vector<std::string>{"a", "b"});

  CHECK(read({"go", "-n5", "a"}).number("number") == 5);
  CHECK(read({"go", "-n", "5", "a"}).number("number") == 5);
  CHECK(read({"go", "-n=5", "a"}).number("number") == 5);
  CHECK(read({"go", "-rn5", "a"}).number("number") == 5);
  CHECK(read({"go", "a"}).number("number") == 7);
  CHECK_FALSE(read({"go", "a"}).given("number"));
  CHECK(read({"go", "a"}).flag("pin"));
  CHECK_FALSE(read({"go", "--pin=false", "a"}).flag("pin"));
  CHECK_FALSE(read({"go", "--pin=0", "a"}).flag("pin"));
  CHECK(read({"go", "--recursive=T", "a"}).flag("recursive"));
  CHECK(read({"-D", "go", "a"}).flag("debug"));
  CHECK(read({"go", "a", "--debug"}).flag("debug"));
  CHECK(read({"go", "--ignore", "x", "--ignore=y", "a"}).texts("ignore") == std::vector<std::string>{"x", "y"});
  CHECK(read({"go", "--", "--name", "-r"}).arguments == std::vector<std::string>{"--name", "-r"});
  CHECK(read({"go", "-"}).arguments == std::vector<std::string>{"-"});
}

TEST_CASE("SEC-54 what is no option or no number is said in Kubo's words") {
  CHECK(why({"go", "--what", "a"}) == "unknown option \"what\"");
  CHECK(why({"go", "-x", "a"}) == "unknown option \"x\"");
  CHECK(why({"go", "-rx", "a"}) == "unknown option \"rx\"");
  CHECK(why({"go", "a", "--name"}) == "missing argument for option \"name\"");
  CHECK(why({"go", "a", "-n"}) == "missing argument for option \"n\"");
  CHECK(why({"go", "-r", "-r", "a"}) == "multiple values for option \"recursive\"");
  CHECK(why({"go", "--number", "x", "a"}) == "strconv.ParseInt: parsing \"x\": invalid syntax");
  CHECK(why({"go", "--number", "2147483648", "a"}) == "strconv.ParseInt: parsing \"2147483648\": value out of range");
  CHECK(why({"go", "--number", "", "a"}) == "strconv.ParseInt: parsing \"\": invalid syntax");
  CHECK(why({"go", "--size=-1", "a"}) == "strconv.ParseUint: parsing \"-1\": invalid syntax");
  CHECK(why({"go", "--size=18446744073709551616", "a"}) == "strconv.ParseUint: parsing \"18446744073709551616\": value out of range");
  CHECK(why({"go", "--recursive=maybe", "a"}) == "strconv.ParseBool: parsing \"maybe\": invalid syntax");
  CHECK(why({"go", "--ratio=1.5.2", "a"}) == "strconv.ParseFloat: parsing \"1.5.2\": invalid syntax");
  CHECK(why({"none", "x"}) == "expected 0 argument(s), got 1");
  CHECK(why({"two"}) == "argument \"must\" is required");
  CHECK(why({"nne"}).starts_with("Unknown Command \"nne\""));
  CHECK(why({"non"}).find("Did you mean this?\n\n\tnone") != std::string::npos);
}

TEST_CASE("an optional argument stands back for a required one") {
  auto one = read({"two", "x"});
  CHECK(one.outcome);
  CHECK(one.arguments == std::vector<std::string>{"x"});
  CHECK(read({"two", "x", "y"}).arguments == std::vector<std::string>{"x", "y"});
}

TEST_CASE("arguments that are missing come from standard input, where the command says so") {
  CHECK(read({"go"}).lines_follow);
  CHECK_FALSE(read({"go", "a"}).lines_follow);
}

TEST_CASE("any words are read or refused, never more") {
  cairn::testing::check_property("words", [](std::vector<std::string> words) {
    auto pointers = std::vector<char const*>{};
    for (auto const& w : words) pointers.push_back(w.c_str());
    auto in = line{};
    auto const parsed = cli::parse(pointers, root, in);
    if (!parsed) RC_ASSERT(!to_string(parsed.error()).empty());
    if (parsed) RC_ASSERT(in.which != nullptr);
  });
  cairn::testing::check_property("words that are nearly right", [](std::vector<std::uint8_t> picks) {
    constexpr char const* pool[]{"go", "two", "none", "-r", "-n", "--name", "--name=", "-n=", "--", "-", "--pin=false", "--pin", "x", "5", "-rl5", "--=", "-=", "--ignore", "\xff", ""};
    auto pointers = std::vector<char const*>{};
    for (auto p : picks) pointers.push_back(pool[p % std::size(pool)]);
    auto in = line{};
    if (cli::parse(pointers, root, in) && in.which->arguments.data != some_files) static_cast<void>(cli::bind_arguments(in));
  });
}

namespace {

template <class F>
void each(command const& c, std::vector<command const*>& path, F&& f) {
  f(c, path);
  for (auto const& child : c.children) {
    path.push_back(&child);
    each(child, path, f);
    path.pop_back();
  }
}

}  // namespace

TEST_CASE("the table says everything of every command, once") {
  auto path = std::vector<command const*>{};
  auto count = 0;
  each(root_command(), path, [&](command const& c, auto const& at) {
    ++count;
    INFO(c.name);
    CHECK_FALSE(c.summary.empty());
    CHECK((c.run != nullptr || !c.children.empty()));
    if (c.run && c.status == command_status::active) {
      CHECK_FALSE(c.about.empty());
      CHECK_FALSE(c.examples.empty());
    }
    auto names = std::set<std::string_view>{};
    auto const take = [&](command const& owner) {
      for (auto const& o : owner.options) {
        CHECK_FALSE(o.about.empty());
        auto rest = o.names;
        while (!rest.empty()) {
          auto const blank = rest.find(' ');
          CHECK(names.insert(rest.substr(0, blank)).second);
          rest = blank == std::string_view::npos ? std::string_view{} : rest.substr(blank + 1);
        }
      }
    };
    take(c);
    for (auto const& a : c.arguments) CHECK_FALSE(a.about.empty());
    auto children_names = std::set<std::string_view>{};
    for (auto const& child : c.children) CHECK(children_names.insert(child.name).second);
    // whatever the width, the help is whole and no line of it is longer but for words that cannot be broken
    for (auto columns : {20uz, 80uz, 200uz}) {
      auto const text = cli::help_text("ipfs", root_command(), at, cli::help_form::whole, columns);
      CHECK(text.starts_with(c.status == command_status::active ? "USAGE\n" : "WARNING:"));
      for (auto const& o : c.options) CHECK(text.find("--" + std::string{o.name()}) + 1 + text.find("-" + std::string{o.name()}) + 1 != 0);
    }
  });
  CHECK(count > 60);
}

TEST_CASE("completions name every command and option") {
  auto const bash = cli::bash_completion("ipfs", root_command()), zsh = cli::zsh_completion("ipfs", root_command()), fish = cli::fish_completion("ipfs", root_command());
  for (auto const& c : root_command().children) {
    CHECK(bash.find("'" + std::string{c.name} + "')") != std::string::npos);
    CHECK(zsh.find("'" + std::string{c.name} + "')") != std::string::npos);
    CHECK(fish.find("-a " + std::string{c.name} + " ") != std::string::npos);
  }
  CHECK(bash.find("--only-hash") != std::string::npos);
}
