#pragma once

#include <cairn/core/bytes.hpp>

#include <filesystem>
#include <fstream>
#include <string>

/// Where make_seeds writes to.
inline std::filesystem::path folder;

inline void seed(std::string const& target, std::string const& name, cairn::bytes_view content, std::string_view before = {}) {
  std::filesystem::create_directories(folder / target);
  auto out = std::ofstream{folder / target / name, std::ios::binary};
  out << before << cairn::as_text(content);
}

/// Handshakes that two ends make, for the targets tls_channel, quic and websocket.
void of_handshakes();
