// A function to be called later that may own things which cannot be copied (a
// Responder, a unique_ptr): std::function cannot hold those, and C++20 has no
// std::move_only_function. Move-only; empty until given a callable.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace sojourn::uv {

template <typename Signature>
class Callback;

template <typename R, typename... Args>
class Callback<R(Args...)> {
 public:
  Callback() = default;

  template <typename F>
    requires(!std::same_as<std::remove_cvref_t<F>, Callback> &&
             std::is_invocable_r_v<R, std::decay_t<F>&, Args...>)
  Callback(F&& callable)  // NOLINT(google-explicit-constructor): a lambda is a callback
      : holder_(std::make_unique<Holder<std::decay_t<F>>>(std::forward<F>(callable))) {}

  R operator()(Args... args) { return holder_->call(std::forward<Args>(args)...); }
  explicit operator bool() const { return holder_ != nullptr; }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual R call(Args&&... args) = 0;
  };
  template <typename F>
  struct Holder final : Base {
    template <typename G>
    explicit Holder(G&& g) : callable(std::forward<G>(g)) {}
    R call(Args&&... args) override { return callable(std::forward<Args>(args)...); }
    F callable;
  };

  std::unique_ptr<Base> holder_;
};

}  // namespace sojourn::uv
