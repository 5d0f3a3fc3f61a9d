# What is installed, and the Debian package of it: `./dev package`.

include(GNUInstallDirs)
# Who packages has built what is installed: benchmarks are not.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

install(TARGETS sojourn RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# The unit starts /usr/bin/sojourn, so these two belong under the prefix /usr.
install(FILES packaging/systemd/sojourn@.service DESTINATION lib/systemd/system)
install(FILES packaging/systemd/sojourn.sysusers DESTINATION lib/sysusers.d RENAME sojourn.conf)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
install(FILES SECURITY.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
foreach(example quickstart first_trial saas_trial gitlab_lifecycle)
  install(DIRECTORY examples/${example} DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)
endforeach()
# What the binary is made of goes with it.
install(CODE "execute_process(COMMAND \"${CMAKE_SOURCE_DIR}/packaging/sbom.py\"
  \"${CMAKE_BINARY_DIR}\" \"${CMAKE_BINARY_DIR}/sojourn.spdx.json\" COMMAND_ERROR_IS_FATAL ANY)")
install(FILES ${CMAKE_BINARY_DIR}/sojourn.spdx.json DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sojourn)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "Sojourn developers <developers@sojourn.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Customer journeys as code")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
# The libraries by what the binary loads; besides, the zones and whom TLS trusts.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "systemd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/debian/postinst)
include(CPack)
