#pragma once
// The bodies of the core API that are asked once in a while: keys, names, the repo as a whole. Small rather than fast.
#include <cairn/service/impl/core_filestore.ipp>
#include <cairn/service/impl/core_keys.ipp>
#include <cairn/service/impl/core_names.ipp>
#include <cairn/service/impl/core_object.ipp>
#include <cairn/service/impl/core_repo.ipp>
#include <cairn/service/impl/multicodecs.ipp>
