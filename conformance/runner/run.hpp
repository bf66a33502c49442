#pragma once
// All cases to all implementations, several processes of each at once, in one thread.

#include "model.hpp"

#include <functional>

namespace kit {

struct run_options {
  kit::limits limits;
  std::size_t processes = 1;  ///< of each implementation
  fs::path work;              ///< inputs that are too long for a line
  std::function<void(std::size_t done, std::size_t of)> progress;
};

/// Fills the results of each implementation. A process that died is started again and that one case is a crash.
void run_suite(suite const& s, std::vector<implementation>& all, run_options const& options);

}  // namespace kit
