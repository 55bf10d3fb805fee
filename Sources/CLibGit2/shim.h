#pragma once
#include <git2.h>

/* git_libgit2_opts is variadic, which Swift does not import: one wrapper for each option in use. */
static inline int alm_git_enable_fsync(int on) { return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, on); }
