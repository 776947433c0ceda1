@NullMarked
package dev.tidepool.conf;

import org.jspecify.annotations.NullMarked;
