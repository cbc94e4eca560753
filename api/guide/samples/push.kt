import com.google.firebase.messaging.FirebaseMessagingService
import org.json.JSONArray
import org.json.JSONObject

class Pushes : FirebaseMessagingService() {
    override fun onNewToken(token: String) = register(token)

    /** At each start of the app too. `kept` is your storage: it holds key and secret. */
    fun register(token: String) {
        val me = JSONObject(mapOf("registration_id" to token, "id_kind" to "token", "platform" to "android"))
        val device = call("PUT", "devices/${kept.key}", me, kept.secret)!!
        if (device.has("secret")) kept.secret = device.getString("secret")
    }
}

fun followLand(secret: String) {
    call("PUT", "follows/topic/11-dat-dai", JSONObject().put("kinds", JSONArray(listOf("new", "amended"))), secret)
}

// In the activity that a tap opens: the fields of `data` are extras of the intent
fun linkOf(intent: android.content.Intent): String? = intent.getStringExtra("link")
