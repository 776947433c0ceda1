/** The few doors into Undertow's HTTP/2 that its public API does not have. */
@NullMarked
package io.undertow.protocols.http2;

import org.jspecify.annotations.NullMarked;
