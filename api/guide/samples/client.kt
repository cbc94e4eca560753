import java.net.HttpURLConnection
import java.net.URL
import org.json.JSONObject

const val API = "https://luatmo.example/api/v1"

class Problem(val status: Int, val code: String, detail: String) : Exception(detail)

/** Call the API on a background thread. Throws Problem. */
fun call(method: String, path: String, body: JSONObject? = null, secret: String? = null): JSONObject? {
    val connection = URL(if (path.startsWith("http")) path else "$API/$path").openConnection() as HttpURLConnection
    connection.requestMethod = method
    connection.setRequestProperty("Accept", "application/json") // else the JDK asks for HTML
    connection.setRequestProperty("Accept-Language", "vi")
    if (secret != null) connection.setRequestProperty("Authorization", "Bearer $secret")
    if (body != null) {
        connection.doOutput = true
        connection.setRequestProperty("Content-Type", "application/json")
        connection.outputStream.use { it.write(body.toString().toByteArray()) }
    }
    val status = connection.responseCode
    if (status == 204) return null
    val stream = if (status < 400) connection.inputStream else connection.errorStream
    val json = JSONObject(stream.bufferedReader().use { it.readText() })
    if (status < 400) return json
    val errors = json.getJSONArray("errors") // with the code `invalid` each says what is wrong
    val words = (0 until errors.length()).joinToString(" ") { errors.getJSONObject(it).getString("detail") }
    val detail = words.ifEmpty { json.optString("detail", json.getString("title")) }
    throw Problem(status, json.getString("code"), detail)
}
