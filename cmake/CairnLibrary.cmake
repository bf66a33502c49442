# One INTERFACE target per module (cairn::core, cairn::ipld, ...), each with its headers as a FILE_SET, and one separately
# compiled library cairn::cairn with one translation unit per module's src.hpp. Files are globbed: adding a component
# edits no list.

set(CAIRN_MODULES core concept multiformats crypto block ipld hamt unixfs mfs car datastore blockstore pin keystore repo libp2p exchange naming routing asio sim node service)

function(cairn_declare_module name)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/cairn/${name}/*.hpp)
  list(FILTER headers EXCLUDE REGEX "/impl/|/src\\.hpp$")
  if(EXISTS ${CMAKE_SOURCE_DIR}/include/cairn/${name}.hpp)
    list(APPEND headers ${CMAKE_SOURCE_DIR}/include/cairn/${name}.hpp)
  endif()
  if(NOT headers)
    return()
  endif()
  add_library(cairn_${name} INTERFACE)
  add_library(cairn::${name} ALIAS cairn_${name})
  set_target_properties(cairn_${name} PROPERTIES EXPORT_NAME ${name})
  target_sources(cairn_${name} INTERFACE FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR}/include FILES ${headers})
  target_include_directories(cairn_${name} INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include> $<INSTALL_INTERFACE:include>)
  target_compile_features(cairn_${name} INTERFACE cxx_std_23)
  target_compile_definitions(cairn_${name} INTERFACE $<BUILD_INTERFACE:CAIRN_SEPARATE_COMPILATION>)
  set_property(GLOBAL APPEND PROPERTY CAIRN_MODULE_TARGETS cairn_${name})
endfunction()

foreach(module IN LISTS CAIRN_MODULES)
  cairn_declare_module(${module})
endforeach()

set(cairn_units)
foreach(module IN LISTS CAIRN_MODULES)
  if(EXISTS ${CMAKE_SOURCE_DIR}/include/cairn/${module}/src.hpp)
    set(unit ${CMAKE_BINARY_DIR}/src/${module}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include <cairn/${module}/src.hpp>\n")
    list(APPEND cairn_units ${unit})
  endif()
  # a module whose bodies are heavy to compile splits them: each impl/*.cpp.hpp is a unit of its own
  file(GLOB parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/cairn/${module}/impl/*.src.hpp)
  foreach(part IN LISTS parts)
    get_filename_component(stem ${part} NAME_WE)
    set(unit ${CMAKE_BINARY_DIR}/src/${module}_${stem}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include <cairn/${module}/impl/${stem}.src.hpp>\n")
    list(APPEND cairn_units ${unit})
  endforeach()
endforeach()

# what a person or a program waits for once, or hands octets on to who works on them elsewhere: small rather than fast
foreach(cold asio_bitswap asio_http_client asio_libp2p asio_mdns exchange service service_commands service_commands_swarm service_core_once service_gateway service_network service_routing_v1 service_rpc repo naming keystore)
  set_source_files_properties(${CMAKE_BINARY_DIR}/src/${cold}.cpp PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-Os>")
endforeach()

add_library(cairn STATIC ${cairn_units})
add_library(cairn::cairn ALIAS cairn)
target_compile_definitions(cairn PUBLIC CAIRN_SEPARATE_COMPILATION)
get_property(module_targets GLOBAL PROPERTY CAIRN_MODULE_TARGETS)
target_link_libraries(cairn PUBLIC ${module_targets} Threads::Threads PRIVATE ${CAIRN_PROVIDERS})
target_compile_options(cairn PRIVATE -Wall -Wextra -Wpedantic)

# install: headers, bodies, the library, and the package files that find_package(cairn) reads
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
foreach(target IN LISTS module_targets)
  install(TARGETS ${target} EXPORT cairnTargets FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
endforeach()
install(TARGETS cairn EXPORT cairnTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT cairnTargets NAMESPACE cairn:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cairn COMPONENT development)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/cairnConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/cairnConfig.cmake ${CMAKE_SOURCE_DIR}/cmake/CairnDependencies.cmake
  ${CMAKE_BINARY_DIR}/cairnConfigVersion.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/cairn COMPONENT development)
