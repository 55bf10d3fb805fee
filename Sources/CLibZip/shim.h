#pragma once
#include <zip.h>

/* The flags of zip_open are combined here: Swift imports the macros as separate integers of different types. */
static inline zip_t *alm_zip_open_for_reading(zip_source_t *source, int strict, zip_error_t *error) {
    return zip_open_from_source(source, strict ? ZIP_RDONLY | ZIP_CHECKCONS : ZIP_RDONLY, error);
}
static inline zip_t *alm_zip_open_for_writing(zip_source_t *source, zip_error_t *error) {
    return zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, error);
}
