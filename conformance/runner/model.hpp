#pragma once
// What the runner works with: cases, adapters, results.

#include <boost/json.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace kit {

namespace json = boost::json;
namespace fs = std::filesystem;

/// Something that the user has to put right: a file that cannot be read, an option that does not exist.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

enum class level : unsigned char { must, should, may, disputed };

auto to_string(level l) -> std::string_view;

/// One of the answers that are known of a disputed case.
struct variant {
  std::string name;
  std::optional<json::value> out;  ///< this answer; none: an error
};

struct test_case {
  std::string id;
  std::string area;
  std::string op;
  std::string clause;  ///< id of the clause in specs/<area>/README.md
  std::string note;
  kit::level level = level::must;
  std::vector<std::string> features;
  json::object in;
  std::optional<json::value> out;    ///< the fields that an answer has to have; none: it has to be an error
  std::string error_class;           ///< of the error, compared but not judged
  std::vector<variant> variants;     ///< of a disputed case
};

struct clause {
  std::string level;
  std::string text;
};

struct suite {
  std::vector<test_case> cases;
  std::map<std::string, clause> clauses;
  std::string digest;  ///< of the files, in hexadecimal: results of two runs are of the same cases when it is the same
};

enum class outcome : unsigned char { not_run, pass, fail, unsupported, disputed, error, timeout, crash, limit };

auto to_string(outcome o) -> std::string_view;

struct result {
  kit::outcome outcome = outcome::not_run;
  std::string detail;   ///< what differs, a signal, the name of a variant
  std::string answer;   ///< the line that the adapter wrote, shortened
  double seconds = 0;
  std::string known;    ///< the reason in the file of known failures, where it has not expired
};

struct limits {
  double seconds = 10;                     ///< per case
  double start_seconds = 60;               ///< until "hello" is answered
  std::uint64_t memory = 2ull << 30;       ///< resident octets per process
  std::size_t line = std::size_t{64} << 20;  ///< longest answer
};

/// A program that answers, and what it said in "hello".
struct implementation {
  std::string label;
  std::string command;
  std::string name, version, language;
  std::set<std::string> ops, features;
  std::string unusable;  ///< why it could not be started; empty where it could
  std::vector<result> results;  ///< one per case of the suite
  std::size_t planned = 0, sent = 0, answered = 0, restarts = 0;
  double seconds = 0;
};

}  // namespace kit
