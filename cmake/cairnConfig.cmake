# find_package(cairn): cairn::cairn is the compiled library, cairn::<module> are the headers of one module
include(${CMAKE_CURRENT_LIST_DIR}/CairnDependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/cairnTargets.cmake)
