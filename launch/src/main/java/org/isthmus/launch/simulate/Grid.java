package org.isthmus.launch.simulate;

/**
 * Nodes in rows and columns whose ends meet, so that all nodes see the same picture. With one row it is the flat
 * network.
 *
 * @param rows at least 1
 * @param columns at least 1
 */
record Grid(int rows, int columns) {
    /** All nodes side by side: everybody is everybody's neighbour. */
    static Grid flat(int nodes) {
        return new Grid(1, nodes);
    }

    /** As square as {@code nodes} allows; flat for a prime. */
    static Grid of(int nodes) {
        int rows = (int) Math.sqrt(nodes);
        while (nodes % rows != 0) {
            rows--;
        }
        return new Grid(rows, nodes / rows);
    }

    int nodes() {
        return rows * columns;
    }

    /** Nodes in the row and in the column of a node, without itself. */
    int neighbours() {
        return rows - 1 + columns - 1;
    }

    /** Where {@code node} is as {@code origin} sees it: what {@code node} would be if {@code origin} were node 0. */
    int seenFrom(int origin, int node) {
        int row = Math.floorMod(node / columns - origin / columns, rows);
        int column = Math.floorMod(node % columns - origin % columns, columns);
        return row * columns + column;
    }

    /** The node that {@code origin} sees as {@code relative}. */
    int absolute(int origin, int relative) {
        int row = (origin / columns + relative / columns) % rows;
        int column = (origin % columns + relative % columns) % columns;
        return row * columns + column;
    }

    /** The neighbour through which {@code from} reaches {@code to}: along the row first. */
    int nextHop(int from, int to) {
        int fromRow = from / columns;
        return fromRow == to / columns || from % columns == to % columns ? to : fromRow * columns + to % columns;
    }
}
