/** WARs: Jakarta Servlet on Undertow. */
@NullMarked
package dev.tidepool.servlet;

import org.jspecify.annotations.NullMarked;
