/** HTTP/1 requests read as the RFCs have them, where Undertow is more lenient than proxies are. */
@NullMarked
package dev.tidepool.worker.strict;

import org.jspecify.annotations.NullMarked;
