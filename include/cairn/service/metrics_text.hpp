#pragma once

#include <cairn/core/metrics.hpp>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string>
#include <string_view>

namespace cairn::service {

/// Metrics as Prometheus reads them: text format 0.0.4. The one place that knows of it; each name is written once.
class metrics_text {
public:
  static constexpr std::string_view media_type = "text/plain; version=0.0.4; charset=utf-8";

  void counted(std::string_view name, std::string_view help, std::uint64_t value) {
    head(name, help, "counter");
    line(name, "", std::to_string(value));
  }
  /// labels    as they stand in the text: commit="",version="1"
  void measured(std::string_view name, std::string_view help, std::int64_t value, std::string_view labels = {}) {
    head(name, help, "gauge");
    line(name, labels.empty() ? std::string{} : "{" + std::string{labels} + "}", std::to_string(value));
  }
  /// scale     what of the shown unit one observed unit is: 1e-9 for nanoseconds shown as seconds
  template <class Histogram>
  void distribution(std::string_view name, std::string_view help, Histogram const& h, double scale = 1) {
    head(name, help, "histogram");
    auto sum = std::uint64_t{0};
    auto const bucket = std::string{name} + "_bucket";
    for (std::size_t n = 0; n < Histogram::bounds.size(); ++n) {
      sum += h.in_place(n);
      line(bucket, "{le=\"" + shown(static_cast<double>(Histogram::bounds[n]) * scale) + "\"}", std::to_string(sum));
    }
    sum += h.in_place(Histogram::bounds.size());
    line(bucket, "{le=\"+Inf\"}", std::to_string(sum));
    line(std::string{name} + "_sum", "", shown(static_cast<double>(h.sum()) * scale));
    line(std::string{name} + "_count", "", std::to_string(sum));
  }

  auto text() const -> std::string const& { return out_; }

private:
  static auto shown(double value) -> std::string {
    // the shortest that reads back, with an exponent where Go's 'g' has one
    char text[40];
    auto end = std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr;
    auto const exponent = value == 0 ? 0 : std::atoi(std::find(text, end, 'e') + 1);
    if (exponent >= -4 && exponent < 6) end = std::to_chars(text, text + sizeof text, value, std::chars_format::fixed).ptr;
    return {text, end};
  }
  void head(std::string_view name, std::string_view help, std::string_view type) {
    out_ += "# HELP " + std::string{name} + " " + std::string{help} + "\n# TYPE " + std::string{name} + " " + std::string{type} + "\n";
  }
  void line(std::string_view name, std::string const& labels, std::string const& value) { out_ += std::string{name} + labels + " " + value + "\n"; }

  std::string out_;
};

}  // namespace cairn::service
