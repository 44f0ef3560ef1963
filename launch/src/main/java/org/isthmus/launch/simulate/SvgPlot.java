package org.isthmus.launch.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lines over two logarithmic axes, as SVG. Immutable. */
final class SvgPlot {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 460;
    private static final int LEFT = 70;
    private static final int RIGHT = 650;
    private static final int TOP = 40;
    private static final int BOTTOM = 400;
    private static final String[] COLOURS =
            {"#1b6ca8", "#d1495b", "#3a7d44", "#8d5a97", "#c77d0a", "#2f9c95", "#5c4b51",
        "#7a8b00", "#b0308f", "#444444", "#0a9396", "#9b2226"};

    /** One value. */
    record Point(double x, double y) {}

    private final String title;
    private final String xAxis;
    private final String yAxis;
    private final Map<String, List<Point>> lines;
    private final double minX;
    private final double maxX;
    private final double minY;
    private final double maxY;

    /** @param lines by name; values above 0 */
    SvgPlot(String title, String xAxis, String yAxis, Map<String, List<Point>> lines) {
        this.title = title;
        this.xAxis = xAxis;
        this.yAxis = yAxis;
        this.lines = lines;
        List<Point> all = new ArrayList<>();
        lines.values().forEach(all::addAll);
        this.minX = all.stream().mapToDouble(Point::x).min().orElse(1);
        this.maxX = Math.max(minX * 1.01, all.stream().mapToDouble(Point::x).max().orElse(10));
        this.minY = Math.pow(10, Math.floor(Math.log10(all.stream().mapToDouble(Point::y).min().orElse(1))));
        this.maxY = Math.pow(10, Math.ceil(Math.log10(all.stream().mapToDouble(Point::y).max().orElse(10)) + 1e-9));
    }

    String svg() {
        StringBuilder svg = new StringBuilder(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"white\"/>%n",
                WIDTH, HEIGHT, WIDTH, HEIGHT));
        text(svg, LEFT, TOP - 18, "start", title);
        text(svg, (LEFT + RIGHT) / 2.0, BOTTOM + 40, "middle", xAxis);
        svg.append(String.format("<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>%n",
                (TOP + BOTTOM) / 2, escape(yAxis)));
        gridX(svg);
        gridY(svg);
        int colour = 0;
        for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
            line(svg, line, COLOURS[colour % COLOURS.length], TOP + 10 + 20 * colour);
            colour++;
        }
        return svg.append("</svg>\n").toString();
    }

    private void gridX(StringBuilder svg) {
        lines.values().stream().flatMap(List::stream).mapToDouble(Point::x).distinct().sorted().forEach(value -> {
            rule(svg, x(value), TOP, x(value), BOTTOM);
            text(svg, x(value), BOTTOM + 18, "middle", number(value));
        });
    }

    private void gridY(StringBuilder svg) {
        for (double decade = minY; decade < maxY * 1.01; decade *= 10) {
            for (int step : new int[] {1, 2, 5}) {
                double value = decade * step;
                if (value <= maxY * 1.01) {
                    rule(svg, LEFT, y(value), RIGHT, y(value));
                    text(svg, LEFT - 6, y(value) + 4, "end", number(value));
                }
            }
        }
    }

    private void line(StringBuilder svg, Map.Entry<String, List<Point>> line, String colour, int labelY) {
        StringBuilder points = new StringBuilder();
        for (Point point : line.getValue()) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x), y(point.y)));
            svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x(point.x),
                    y(point.y), colour));
        }
        svg.append(String.format("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>%n",
                points.toString().strip(), colour));
        svg.append(String.format("<rect x=\"%d\" y=\"%d\" width=\"14\" height=\"4\" fill=\"%s\"/>%n", RIGHT + 16,
                labelY - 6, colour));
        text(svg, RIGHT + 36, labelY, "start", line.getKey());
    }

    private static void rule(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n", x1, y1, x2, y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        svg.append(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y,
                anchor, escape(text)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static String number(double value) {
        return value >= 1 ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
    }

    private double x(double value) {
        return LEFT + (RIGHT - LEFT) * Math.log(value / minX) / Math.log(maxX / minX);
    }

    private double y(double value) {
        return BOTTOM - (BOTTOM - TOP) * Math.log(value / minY) / Math.log(maxY / minY);
    }
}
