/** What carries frames and large transfers between nodes: the interface of all backends, and one inside a process. */
package org.isthmus.node.spi;
