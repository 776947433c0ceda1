/** The few doors into XNIO that its public API does not have; see the classes of Tidepool here. */
@NullMarked
package org.xnio.nio;

import org.jspecify.annotations.NullMarked;
