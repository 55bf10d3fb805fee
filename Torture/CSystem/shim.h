#include <spawn.h>
#include <sqlite3.h>

// The C library has it; its header shows it to those who ask for more than the standard.
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
