/** Communicators, groups and intercommunicators, and how their members agree on a context. */
package org.isthmus.comm.group;
