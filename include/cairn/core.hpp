#pragma once
// Words that everything else is made of: bytes, results, errors, varints, limits.
#include <cairn/core/buffer.hpp>
#include <cairn/core/byte_queue.hpp>
#include <cairn/core/bulk_write.hpp>
#include <cairn/core/bytes.hpp>
#include <cairn/core/config.hpp>
#include <cairn/core/errc.hpp>
#include <cairn/core/error.hpp>
#include <cairn/core/limits.hpp>
#include <cairn/core/nanoseconds.hpp>
#include <cairn/core/metrics.hpp>
#include <cairn/core/protobuf.hpp>
#include <cairn/core/result.hpp>
#include <cairn/core/text.hpp>
#include <cairn/core/try.hpp>
#include <cairn/core/utc_time.hpp>
#include <cairn/core/varint.hpp>
