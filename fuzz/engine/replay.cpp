// Runs a fuzz target on files, on the files of folders, and on the lines of packed corpora (.txt, hexadecimal), each once:
// regressions, and coverage without an engine.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
std::size_t ran = 0;

// an own allocation of exactly that size, so that a sanitizer sees its end
void run(std::vector<std::uint8_t> const& input) {
  auto const copy = std::vector<std::uint8_t>(input.begin(), input.end());
  LLVMFuzzerTestOneInput(copy.data(), copy.size());
  ++ran;
}

void run_packed(std::ifstream& in) {
  auto const digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  for (auto line = std::string{}; std::getline(in, line);) {
    auto octets = std::vector<std::uint8_t>{};
    for (std::size_t i = 0; i + 1 < line.size(); i += 2) octets.push_back(static_cast<std::uint8_t>(digit(line[i]) << 4 | digit(line[i + 1])));
    run(octets);
  }
}

}  // namespace

int main(int argc, char** argv) {
  auto files = std::vector<fs::path>{};
  for (int i = 1; i < argc; ++i) {
    if (!fs::is_directory(argv[i])) {
      files.emplace_back(argv[i]);
      continue;
    }
    for (auto const& e : fs::recursive_directory_iterator{argv[i]})
      if (e.is_regular_file()) files.push_back(e.path());
  }
  for (auto const& file : files) {
    auto in = std::ifstream{file, std::ios::binary};
    if (!in) return std::fprintf(stderr, "cannot read %s\n", file.c_str()), 2;
    if (file.extension() == ".txt")
      run_packed(in);
    else
      run({std::istreambuf_iterator<char>{in}, {}});
  }
  std::printf("%zu inputs\n", ran);
  return ran == 0;
}
