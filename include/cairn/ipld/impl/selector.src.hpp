#pragma once
#include <cairn/ipld/impl/selector.ipp>
#include <cairn/ipld/impl/selector_walk.ipp>
