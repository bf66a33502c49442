#pragma once
// What a process of ours can tell of itself: threads, memory, time; read from the system, nothing is counted for it.

#include <cairn/core/bytes.hpp>
#include <cairn/service/json_writer.hpp>

#include <cstdio>
#include <cstdlib>
#include <dirent.h>
#include <fstream>
#include <map>
#include <malloc.h>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>
#include <zlib.h>

namespace cairn::service::detail {

inline auto proc_text(std::string const& path) -> std::string {
  auto in = std::ifstream{"/proc/self/" + path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

inline auto command_words() -> std::vector<std::string> {
  auto out = std::vector<std::string>{};
  auto const all = proc_text("cmdline");
  for (auto rest = std::string_view{all}; !rest.empty();) {
    auto const end = rest.find('\0');
    out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return out;
}

struct thread_facts {
  std::string name, state, waits_in;
  std::uint64_t milliseconds = 0;  ///< of processor time, used so far
};

/// The threads by their numbers.
inline auto threads_of_process() -> std::map<int, thread_facts> {
  auto out = std::map<int, thread_facts>{};
  auto* const folder = ::opendir("/proc/self/task");
  if (!folder) return out;
  while (auto const* entry = ::readdir(folder)) {
    auto const number = std::atoi(entry->d_name);
    if (number <= 0) continue;
    auto const at = "task/" + std::string{entry->d_name} + "/";
    auto const text = proc_text(at + "stat");
    auto const open = text.find('('), close = text.rfind(')');
    if (open == std::string::npos || close == std::string::npos || close + 2 >= text.size()) continue;  // it has ended meanwhile
    auto t = thread_facts{text.substr(open + 1, close - open - 1), text.substr(close + 2, 1), proc_text(at + "wchan")};
    auto user = 0ull, system = 0ull;
    if (std::sscanf(text.c_str() + close + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) == 2)
      t.milliseconds = (user + system) * 1000 / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
    out.emplace(number, std::move(t));
  }
  ::closedir(folder);
  return out;
}

inline auto threads_text() -> std::string {
  auto const all = threads_of_process();
  auto out = std::to_string(all.size()) + " threads: number, name, state, processor time, where it waits\n";
  for (auto const& [number, t] : all)
    out += std::to_string(number) + " " + t.name + " " + t.state + " " + std::to_string(t.milliseconds) + "ms " + (t.waits_in == "0" ? "-" : t.waits_in) + "\n";
  return out;
}

/// What the system and the allocator say of memory.
inline auto memory_text() -> std::string {
  auto out = proc_text("status");
  char* text = nullptr;
  auto size = std::size_t{0};
  if (auto* const to = ::open_memstream(&text, &size)) {
    ::malloc_info(0, to);
    std::fclose(to);
    out += "\n" + std::string{text, size};
    std::free(text);
  }
  return out;
}

/// What programs that watch a node read at /debug/vars: how it was started, its memory.
inline auto variables_json() -> std::string {
  auto out = std::string{};
  auto json = json_writer{out};
  auto const heap = ::mallinfo2();
  auto pages = std::uint64_t{0}, resident = std::uint64_t{0};
  if (auto file = std::ifstream{"/proc/self/statm"}) file >> pages >> resident;
  auto const page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  json.object([&] {
    json.key("cmdline").array([&] {
      for (auto const& w : command_words()) json.value(w);
    });
    json.key("memstats").object([&] {
      json.key("Alloc").value(static_cast<std::uint64_t>(heap.uordblks + heap.hblkhd));
      json.key("HeapAlloc").value(static_cast<std::uint64_t>(heap.uordblks + heap.hblkhd));
      json.key("HeapIdle").value(static_cast<std::uint64_t>(heap.fordblks));
      json.key("HeapSys").value(static_cast<std::uint64_t>(heap.arena + heap.hblkhd));
      json.key("Resident").value(resident * page);
      json.key("Sys").value(pages * page);
    });
    json.key("threads").value(static_cast<std::uint64_t>(threads_of_process().size()));
  });
  return out + "\n";
}

/// A ZIP archive of a few files, as they are.
class zip_archive {
public:
  void add(std::string const& name, std::string_view content) {
    auto const sum = static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<unsigned char const*>(content.data()), content.size()));
    auto const at = static_cast<std::uint32_t>(out_.size());
    auto const head = [&](std::string& to) {
      two(to, 20), two(to, 0), two(to, 0), four(to, 0x00210000);  // version, flags, stored, 1980-01-01
      four(to, sum), four(to, static_cast<std::uint32_t>(content.size())), four(to, static_cast<std::uint32_t>(content.size()));
      two(to, static_cast<std::uint16_t>(name.size())), two(to, 0);
    };
    out_ += "PK\3\4";
    head(out_);
    (out_ += name) += content;
    directory_ += "PK\1\2";
    two(directory_, 20);
    head(directory_);
    two(directory_, 0), two(directory_, 0), two(directory_, 0), four(directory_, 0), four(directory_, at);
    directory_ += name;
    ++count_;
  }
  auto finish() -> std::string {
    auto const at = static_cast<std::uint32_t>(out_.size()), size = static_cast<std::uint32_t>(directory_.size());
    out_ += directory_;
    out_ += "PK\5\6";
    two(out_, 0), two(out_, 0), two(out_, count_), two(out_, count_), four(out_, size), four(out_, at), two(out_, 0);
    return std::move(out_);
  }

private:
  static void two(std::string& to, std::uint16_t n) { to += static_cast<char>(n & 0xff), to += static_cast<char>(n >> 8); }
  static void four(std::string& to, std::uint32_t n) { two(to, static_cast<std::uint16_t>(n)), two(to, static_cast<std::uint16_t>(n >> 16)); }
  std::string out_, directory_;
  std::uint16_t count_ = 0;
};

}  // namespace cairn::service::detail
