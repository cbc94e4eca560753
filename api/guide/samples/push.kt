import com.google.firebase.messaging.FirebaseMessagingService
import java.util.UUID
import org.json.JSONArray
import org.json.JSONObject

class Pushes : FirebaseMessagingService() {
    override fun onNewToken(token: String) = register(token)

    /** At each start of the app too. `kept` is your storage: it holds key and secret. */
    fun register(token: String) {
        val me = JSONObject(mapOf("registration_id" to token, "id_kind" to "token", "platform" to "android"))
        val device = try {
            call("PUT", "devices/${kept.key}", me, kept.secret)!!
        } catch (problem: Problem) {
            if (problem.status != 401 || kept.secret == null) throw problem
            kept.key = UUID.randomUUID().toString() // erased: a new installation. Follow again
            kept.secret = null
            return register(token)
        }
        if (!device.isNull("secret")) kept.secret = device.getString("secret") // null: keep the one you have
    }
}

fun followLand(secret: String) {
    call("PUT", "follows/topic/11-dat-dai", JSONObject().put("kinds", JSONArray(listOf("new", "amended"))), secret)
}

// In the activity that a tap opens: the fields of `data` are extras of the intent
/** The page to show, in a browser or a view of yours. Null: private news, of which the inbox has the entry `nid`. */
fun pageOf(intent: android.content.Intent): String? =
    if ("/inbox/" in intent.getStringExtra("link").orEmpty()) null else intent.getStringExtra("page_url")
