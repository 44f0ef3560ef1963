/** The {@code isthmus} command: starts and supervises jobs on this node. Nothing of it runs in a rank. */
package org.isthmus.launch;
