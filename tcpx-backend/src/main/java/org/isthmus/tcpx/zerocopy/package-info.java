/** Sending without a copy by the kernel, and what the kernel offers for memory of devices: socket calls by FFM. */
package org.isthmus.tcpx.zerocopy;
