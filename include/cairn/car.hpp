#pragma once
// CARs: blocks in one file or stream, version 1 and 2.
#include <cairn/car/errc.hpp>
#include <cairn/car/export.hpp>
#include <cairn/car/header.hpp>
#include <cairn/car/import.hpp>
#include <cairn/car/index.hpp>
#include <cairn/car/reader.hpp>
#include <cairn/car/writer.hpp>
