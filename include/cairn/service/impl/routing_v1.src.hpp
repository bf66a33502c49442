#pragma once
// /routing/v1: a unit of its own.
#include <cairn/service/impl/routing_v1.ipp>
