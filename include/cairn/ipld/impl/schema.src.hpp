#pragma once
#include <cairn/ipld/impl/schema.ipp>
#include <cairn/ipld/impl/schema_rules.ipp>
#include <cairn/ipld/impl/schema_text.ipp>
#include <cairn/ipld/impl/schema_typed.ipp>
#include <cairn/ipld/impl/schema_write.ipp>
