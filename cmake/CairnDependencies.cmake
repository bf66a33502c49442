# What the library links to: Debian's packages, found by pkg-config or by name.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ZLIB REQUIRED)
pkg_check_modules(botan REQUIRED IMPORTED_TARGET botan-2)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(ngtcp2 REQUIRED IMPORTED_TARGET libngtcp2)
pkg_check_modules(secp256k1 REQUIRED IMPORTED_TARGET libsecp256k1)
# leveldb's own CMake file asks for libsnappy-dev, which its shared library does not need
find_library(LEVELDB_LIBRARY leveldb REQUIRED)

# the libraries behind the bodies; no public header names one
set(CAIRN_PROVIDERS OpenSSL::Crypto ${CMAKE_DL_LIBS} ZLIB::ZLIB PkgConfig::botan PkgConfig::sodium PkgConfig::ngtcp2 PkgConfig::secp256k1 ${LEVELDB_LIBRARY})
