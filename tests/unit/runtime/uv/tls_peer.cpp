#include "tests/unit/runtime/uv/tls_peer.h"

#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <memory>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include "base/check.h"

namespace sojourn::uv {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void add_extension(X509* certificate, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value);
  SOJOURN_CHECK(extension != nullptr, "openssl understands the extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

// Signed by itself, so it is its own authority.
Certificate make_certificate(EVP_PKEY* key, const std::string& subject) {
  Certificate certificate(X509_new(), X509_free);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("sojourn test"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  add_extension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate.get(), NID_subject_alt_name, subject.c_str());
  SOJOURN_CHECK(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "openssl signs");
  return certificate;
}

std::string write_temporary(X509* certificate) {
  std::string path = testing::TempDir() + "sojourn-ca-XXXXXX";
  const int fd = mkstemp(path.data());
  std::FILE* file = fdopen(fd, "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  return path;
}

}  // namespace

TlsPeer::TlsPeer(const std::string& subject) : context_(SSL_CTX_new(TLS_server_method())) {
  const Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
  const Certificate certificate = make_certificate(key.get(), subject);
  SSL_CTX_use_PrivateKey(context_, key.get());
  SSL_CTX_use_certificate(context_, certificate.get());
  certificate_file_ = write_temporary(certificate.get());
}

TlsPeer::~TlsPeer() {
  if (thread_.joinable()) thread_.join();
  SSL_CTX_free(context_);
  std::remove(certificate_file_.c_str());
}

void TlsPeer::serve(std::string response) {
  thread_ = std::thread([this, response = std::move(response)] { serve_one(response); });
}

void TlsPeer::serve_one(const std::string& response) {
  const Peer connection = listener_.accept();
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_), SSL_free);
  SSL_set_fd(tls.get(), connection.descriptor());
  if (SSL_accept(tls.get()) != 1) return;
  char buffer[4096];
  while (received_.find("\r\n\r\n") == std::string::npos) {
    const int size = SSL_read(tls.get(), buffer, sizeof buffer);
    if (size <= 0) return;
    received_.append(buffer, static_cast<std::size_t>(size));
  }
  SSL_write(tls.get(), response.data(), static_cast<int>(response.size()));
  SSL_shutdown(tls.get());
}

std::string TlsPeer::received() {
  thread_.join();
  return received_;
}

}  // namespace sojourn::uv
