"""Documents to review because their legal basis was amended or lost effect. Nothing ends by itself.

Source: Law 64/2025/QH15 Art. 57(2). Under the law of 2015 such documents ended with their legal basis.
"""
