import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The little JSON that a shop needs: objects as Map, lists as List, whole numbers as Long, texts escaped. */
final class Json {
    private static final int DEPTH_MAX = 32;
    private final String text;
    private int at;
    private int depth;

    private Json(String text) {
        this.text = text;
    }

    /** The value of a whole text; IllegalArgumentException when it is no JSON. */
    static Object read(String text) {
        var json = new Json(text);
        try {
            Object value = json.value();
            if (json.peek() != 0) throw new IllegalArgumentException("more after the end");
            return value;
        } catch (IndexOutOfBoundsException | NumberFormatException cause) {
            throw new IllegalArgumentException("no JSON near " + json.at, cause);
        }
    }

    /** A value made of Map, List, String, whole numbers, Boolean and null as JSON. */
    static String write(Object value) {
        var out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Map<?, ?> map) {
            var separator = "{";
            for (var entry : map.entrySet()) {
                write(entry.getKey(), out.append(separator));
                write(entry.getValue(), out.append(':'));
                separator = ",";
            }
            out.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            out.append('[');
            for (int i = 0; i < list.size(); i++) write(list.get(i), i == 0 ? out : out.append(','));
            out.append(']');
        } else if (value instanceof String text) {
            out.append('"');
            for (char c : text.toCharArray()) {
                if (c == '"' || c == '\\') out.append('\\').append(c);
                else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
                else out.append(c);
            }
            out.append('"');
        } else {
            out.append(value);
        }
    }

    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void expect(String word) {
        peek();
        if (!text.startsWith(word, at)) throw new IllegalArgumentException("`" + word + "` expected at " + at);
        at += word.length();
    }

    private Object value() {
        if (depth == DEPTH_MAX) throw new IllegalArgumentException("nested too deep");
        depth++;
        Object value = switch (peek()) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            case 't' -> constant("true", true);
            case 'f' -> constant("false", false);
            case 'n' -> constant("null", null);
            default -> number();
        };
        depth--;
        return value;
    }

    private Object constant(String word, Object value) {
        expect(word);
        return value;
    }

    private Object number() {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        String digits = text.substring(from, at);
        if (digits.matches("-?[0-9]{1,18}")) return Long.valueOf(digits);
        return new BigDecimal(digits); // exact: a double is not
    }

    private Map<String, Object> object() {
        var map = new LinkedHashMap<String, Object>();
        expect("{");
        for (var first = true; peek() != '}'; first = false) {
            if (!first) expect(",");
            peek();
            String name = string();
            expect(":");
            map.put(name, value());
        }
        expect("}");
        return map;
    }

    private List<Object> list() {
        var list = new ArrayList<>();
        expect("[");
        for (var first = true; peek() != ']'; first = false) {
            if (!first) expect(",");
            list.add(value());
        }
        expect("]");
        return list;
    }

    private String string() {
        expect("\"");
        var out = new StringBuilder();
        for (char c; (c = text.charAt(at++)) != '"'; ) {
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char escape = text.charAt(at++);
            int plain = "\"\\/bfnrt".indexOf(escape);
            if (plain >= 0) {
                out.append("\"\\/\b\f\n\r\t".charAt(plain));
            } else if (escape == 'u') {
                out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
                at += 4;
            } else {
                throw new IllegalArgumentException("unknown escape at " + at);
            }
        }
        return out.toString();
    }
}
