// What the samples of the guide call of Firebase.
package com.google.firebase.messaging

open class FirebaseMessagingService {
    open fun onNewToken(token: String) {}
}
