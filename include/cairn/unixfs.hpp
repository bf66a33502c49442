#pragma once
// Files and directories as UnixFS DAGs.
#include <cairn/unixfs/add_file.hpp>
#include <cairn/unixfs/any_chunker.hpp>
#include <cairn/unixfs/buzhash_chunker.hpp>
#include <cairn/unixfs/byte_sink.hpp>
#include <cairn/unixfs/byte_source.hpp>
#include <cairn/unixfs/data.hpp>
#include <cairn/unixfs/errc.hpp>
#include <cairn/unixfs/file_reader.hpp>
#include <cairn/unixfs/import_options.hpp>
#include <cairn/unixfs/importer.hpp>
#include <cairn/unixfs/layout.hpp>
#include <cairn/unixfs/rabin_chunker.hpp>
#include <cairn/unixfs/size_chunker.hpp>
