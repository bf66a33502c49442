#pragma once
// The bodies of this module; include once in a translation unit compiled with CAIRN_SEPARATE_COMPILATION.
#include <cairn/car/impl/export.ipp>
#include <cairn/car/impl/header.ipp>
#include <cairn/car/impl/import.ipp>
#include <cairn/car/impl/index.ipp>
#include <cairn/car/impl/reader.ipp>
#include <cairn/car/impl/writer.ipp>
