/** What lies in the node segment: layouts ({@code *Descriptor}) and the rings and mailboxes over them. */
package org.isthmus.node.shm;
