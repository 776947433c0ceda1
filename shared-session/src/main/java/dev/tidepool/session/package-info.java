/** HTTP sessions shared by all workers of a pool. */
@NullMarked
package dev.tidepool.session;

import org.jspecify.annotations.NullMarked;
