/** What an ordinary Spring Boot application does with its users: log-in, sessions, forms. */
@NullMarked
package dev.tidepool.springwar;

import org.jspecify.annotations.NullMarked;
