/** A verbs provider without a device: DiSNI's API with verbs semantics inside one process, for tests. */
package org.isthmus.rdma.software;
