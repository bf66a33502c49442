#pragma once
// The bodies of the core API: a unit of their own, so that a change compiles only them.
#include <cairn/service/impl/core_add.ipp>
#include <cairn/service/impl/core_api.ipp>
#include <cairn/service/impl/core_dag.ipp>
#include <cairn/service/impl/core_car.ipp>
#include <cairn/service/impl/core_entry.ipp>
#include <cairn/service/impl/core_files.ipp>
#include <cairn/service/impl/core_get.ipp>
#include <cairn/service/impl/core_mfs.ipp>
#include <cairn/service/impl/core_pins.ipp>
#include <cairn/service/impl/core_types.ipp>
#include <cairn/service/impl/core_upload.ipp>
