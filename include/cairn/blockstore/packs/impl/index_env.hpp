#pragma once

#include <cairn/blockstore/packs/file_system.hpp>

#include <leveldb/env.h>

#include <cerrno>

namespace cairn::detail {

/// LevelDB's environment over our file system: threads and time are LevelDB's own, every file is ours.
class packs_index_env final : public leveldb::EnvWrapper {
public:
  packs_index_env(std::shared_ptr<file_system> files, bool syncs, bool (*make_room)(void*), void* context)
      : leveldb::EnvWrapper{leveldb::Env::Default()}, files_{std::move(files)}, syncs_{syncs}, make_room_{make_room}, context_{context} {}

  static auto status_of(error const& e) -> leveldb::Status {
    if (e.is_system(2)) return leveldb::Status::NotFound(to_string(e));
    return leveldb::Status::IOError(to_string(e));
  }
  template <class T>
  static auto status_of(io_result<T> const& r) -> leveldb::Status {
    return r ? leveldb::Status::OK() : status_of(r.error());
  }

  auto NewSequentialFile(std::string const& path, leveldb::SequentialFile** out) -> leveldb::Status override {
    auto f = files_->open(path, open_mode::read);
    *out = f ? new sequential{*std::move(f)} : nullptr;
    return status_of(f);
  }
  auto NewRandomAccessFile(std::string const& path, leveldb::RandomAccessFile** out) -> leveldb::Status override {
    auto f = files_->open(path, open_mode::read);
    *out = f ? new random{*std::move(f)} : nullptr;
    return status_of(f);
  }
  auto NewWritableFile(std::string const& path, leveldb::WritableFile** out) -> leveldb::Status override {
    return writable_at(path, open_mode::truncate, out);
  }
  auto NewAppendableFile(std::string const& path, leveldb::WritableFile** out) -> leveldb::Status override {
    return writable_at(path, open_mode::create, out);
  }
  auto FileExists(std::string const& path) -> bool override { return files_->exists(path); }
  auto GetChildren(std::string const& path, std::vector<std::string>* out) -> leveldb::Status override {
    auto names = files_->list(path);
    if (names) *out = *std::move(names);
    else out->clear();
    return status_of(names);
  }
  auto RemoveFile(std::string const& path) -> leveldb::Status override { return status_of(files_->unlink(path)); }
  auto DeleteFile(std::string const& path) -> leveldb::Status override { return RemoveFile(path); }
  auto CreateDir(std::string const& path) -> leveldb::Status override { return status_of(files_->make_folder(path)); }
  auto GetFileSize(std::string const& path, std::uint64_t* size) -> leveldb::Status override {
    auto f = files_->open(path, open_mode::read);
    if (!f) return status_of(f);
    auto n = (*f)->size();
    *size = n ? *n : 0;
    return status_of(n);
  }
  auto RenameFile(std::string const& from, std::string const& to) -> leveldb::Status override {
    if (auto moved = files_->rename(from, to); !moved) return status_of(moved);
    return sync_folder_of(to);
  }
  auto LockFile(std::string const& path, leveldb::FileLock** out) -> leveldb::Status override {
    auto held = files_->lock(path);
    *out = held ? new lock{*std::move(held)} : nullptr;
    return status_of(held);
  }
  auto UnlockFile(leveldb::FileLock* held) -> leveldb::Status override {
    delete held;
    return leveldb::Status::OK();
  }
  auto NewLogger(std::string const&, leveldb::Logger** out) -> leveldb::Status override {
    *out = new silent{};
    return leveldb::Status::OK();
  }

private:
  struct silent final : leveldb::Logger {
    void Logv(char const*, std::va_list) override {}
  };
  struct lock final : leveldb::FileLock {
    explicit lock(std::unique_ptr<file_lock> h) : held{std::move(h)} {}
    std::unique_ptr<file_lock> held;
  };

  struct sequential final : leveldb::SequentialFile {
    explicit sequential(std::unique_ptr<open_file> f) : file{std::move(f)} {}
    auto Read(std::size_t n, leveldb::Slice* out, char* scratch) -> leveldb::Status override {
      auto got = file->pread(at, {reinterpret_cast<byte*>(scratch), n});
      if (!got) return status_of(got);
      at += *got;
      *out = {scratch, *got};
      return leveldb::Status::OK();
    }
    auto Skip(std::uint64_t n) -> leveldb::Status override {
      at += n;
      return leveldb::Status::OK();
    }
    std::unique_ptr<open_file> file;
    std::uint64_t at = 0;
  };

  struct random final : leveldb::RandomAccessFile {
    explicit random(std::unique_ptr<open_file> f) : file{std::move(f)} {}
    auto Read(std::uint64_t offset, std::size_t n, leveldb::Slice* out, char* scratch) const -> leveldb::Status override {
      auto got = file->pread(offset, {reinterpret_cast<byte*>(scratch), n});
      *out = {scratch, got ? *got : 0};
      return status_of(got);
    }
    std::unique_ptr<open_file> file;
  };

  struct writable final : leveldb::WritableFile {
    writable(packs_index_env& e, std::unique_ptr<open_file> f, std::string p, std::uint64_t end)
        : env{e}, file{std::move(f)}, path{std::move(p)}, at{end} {}
    ~writable() override { static_cast<void>(Flush()); }
    auto Append(leveldb::Slice const& in) -> leveldb::Status override {
      if (waiting.size() + in.size() > 65536)
        if (auto s = Flush(); !s.ok()) return s;
      if (in.size() >= 65536) return write({reinterpret_cast<byte const*>(in.data()), in.size()});
      append(waiting, {reinterpret_cast<byte const*>(in.data()), in.size()});
      return leveldb::Status::OK();
    }
    auto Flush() -> leveldb::Status override {
      if (waiting.empty()) return leveldb::Status::OK();
      auto s = write(waiting);
      waiting.clear();
      return s;
    }
    auto Close() -> leveldb::Status override {
      auto s = Flush();
      file.reset();
      return s;
    }
    auto Sync() -> leveldb::Status override {
      if (auto s = Flush(); !s.ok() || !env.syncs_) return s;
      if (path.find("MANIFEST") != path.npos)
        if (auto s = env.sync_folder_of(path); !s.ok()) return s;
      return status_of(file->sync(sync_site::index_table));
    }
    auto write(bytes_view in) -> leveldb::Status {
      auto done = file->pwritev(at, {&in, 1});
      if (!done && done.error().is_system(ENOSPC) && env.make_room_ && env.make_room_(env.context_)) done = file->pwritev(at, {&in, 1});
      if (!done) return status_of(done);
      at += in.size();
      return leveldb::Status::OK();
    }
    packs_index_env& env;
    std::unique_ptr<open_file> file;
    std::string path;
    std::uint64_t at;
    bytes waiting;
  };

  auto writable_at(std::string const& path, open_mode mode, leveldb::WritableFile** out) -> leveldb::Status {
    *out = nullptr;
    auto f = files_->open(path, mode);
    if (!f) return status_of(f);
    auto end = (*f)->size();
    if (!end) return status_of(end);
    *out = new writable{*this, *std::move(f), path, *end};
    return leveldb::Status::OK();
  }
  auto sync_folder_of(std::string const& path) -> leveldb::Status {
    if (!syncs_) return leveldb::Status::OK();
    return status_of(files_->sync_folder(path.substr(0, path.find_last_of('/')), sync_site::index_folder));
  }

  std::shared_ptr<file_system> files_;
  bool syncs_;
  bool (*make_room_)(void*);
  void* context_;
};

}  // namespace cairn::detail
